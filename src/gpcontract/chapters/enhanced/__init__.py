"""Enhanced services and vaccinations: fees per item, targets and ceilings."""
