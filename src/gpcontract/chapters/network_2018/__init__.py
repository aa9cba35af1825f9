"""The network contract as the 2018 direction had it."""
