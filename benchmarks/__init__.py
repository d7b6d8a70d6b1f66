"""Speed and memory of the whole, measured on real processes; each figure stands beside a bound from the same run."""
