"""Layer 5, the helpline workers' desk."""
