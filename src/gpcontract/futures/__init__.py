"""Years ahead: lists, people, money, survival, forms and outcomes of every practice under a contract, year by year and draw by draw."""
