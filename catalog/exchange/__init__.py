"""Reads the published content of the OWASP AI Exchange and says how it differs from an edition of the catalog.

From the outside in: `sources` finds the pages, `sections` cuts them up, `entries` makes threats and controls of the
sections, `linking` says which controls belong to which threats, `comparing` holds all that against an edition,
`drafting` writes the next edition, `telling` says it in English. Nothing here needs a database or writes a file.
"""
