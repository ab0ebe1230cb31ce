"""What a network is trained by: activations, losses and optimisers, a complete row each."""
