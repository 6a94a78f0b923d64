"""What all endpoints share: errors, pagination, conditional requests, permissions. Endpoints live with their subject."""
