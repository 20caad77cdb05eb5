"""Pictures from files that nobody vouches for → a `Drawing` of which every byte was written here, or problems."""
