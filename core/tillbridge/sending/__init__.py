"""What must happen elsewhere: deliveries to webstores and the point of sale, and what answers mean."""
