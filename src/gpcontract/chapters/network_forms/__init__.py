"""Network forms: what practices keep and what the network holds once it has opted in."""
