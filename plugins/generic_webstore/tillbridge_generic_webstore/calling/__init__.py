"""What a profile asks of a webstore: templates to requests, answers to rows, pages to orders."""
