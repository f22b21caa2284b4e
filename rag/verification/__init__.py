"""Does the evidence carry what a draft says? Answered by code, sentence by sentence."""
