"""Vendor bytes → vendor values, lossless; nothing is interpreted here."""

from carryover.decode.door import DECODER_VERSION, decode_file, sniff
from carryover.decode.recording import Recording

__all__ = ["DECODER_VERSION", "Recording", "decode_file", "sniff"]
