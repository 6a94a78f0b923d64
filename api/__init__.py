"""What all endpoints share: errors, paging, conditional requests, permissions. Endpoints live with their subject."""
