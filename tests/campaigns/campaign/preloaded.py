"""What the server of processes imports before it forks."""

from campaign.installation import registry

registry()
