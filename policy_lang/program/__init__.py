"""The core, as data, and what every reading of it shares: values, arithmetic, facts, obligations."""
