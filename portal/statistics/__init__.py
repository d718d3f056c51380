"""The pages of the e-filing rate. Counting is procedures/selectors/statistics."""
