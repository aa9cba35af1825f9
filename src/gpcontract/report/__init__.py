"""Tables, files and pages made from results and findings."""
