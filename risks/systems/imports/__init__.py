"""Systems from files: what a CSV, an Excel workbook or a CycloneDX BOM says, as a plan to be shown first. Pure."""
