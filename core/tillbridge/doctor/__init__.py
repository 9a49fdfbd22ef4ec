"""The doctor: looks at everything a shop's tillbridge stands on, and says what is wrong and what to do.

It changes nothing, works where no engine can be made, and stops for nothing that it finds.
"""

from tillbridge.doctor.examining import examine
from tillbridge.doctor.findings import Diagnosis, Examined, Finding, Standing
from tillbridge.doctor.site import Limits

__all__ = ["Diagnosis", "Examined", "Finding", "Limits", "Standing", "examine"]
