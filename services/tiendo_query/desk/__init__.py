"""What stands behind the working pages of officers and heads: who holds what now, what is said of somebody, and what a decision would do."""
