"""The UK's postcodes on this machine: finding them in what people say, and which district each one lies in."""
