"""`make drill`: people go on writing while parts of the service die; what was acknowledged is counted afterwards."""
