"""What a change means, and how near the model is to what was really paid."""
