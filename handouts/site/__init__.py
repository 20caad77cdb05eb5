"""The gallery: what lies in an output folder as pages to choose from, and a place's part of it as one file."""
