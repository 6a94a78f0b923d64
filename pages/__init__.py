"""What all pages share: partial rendering, saving a form through a service, refusals, headers. The twin of `api`."""
