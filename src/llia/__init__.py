"""llia: one portrait and live sound -> a face that talks, listens and idles, as video."""
