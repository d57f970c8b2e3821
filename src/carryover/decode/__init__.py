"""Vendor bytes → vendor values, lossless; nothing is interpreted here."""

from carryover.decode.door import DECODER_VERSION, decode_file, not_ours, sniff
from carryover.decode.fit_files import FitBatch, decode_fit_batch, other_fit
from carryover.decode.recording import Recording

__all__ = [
    "DECODER_VERSION",
    "FitBatch",
    "Recording",
    "decode_file",
    "decode_fit_batch",
    "not_ours",
    "other_fit",
    "sniff",
]
