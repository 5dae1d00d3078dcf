"""What the server of processes imports before it forks, and what its children keep to themselves."""

import logging

from campaign.installation import registry

# Lost races and killed processes are what campaigns are about; the drivers need not complain of each.
logging.disable(logging.CRITICAL)
registry()
