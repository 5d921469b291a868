"""Linear models of vectors that hear a cancel: ridge with exact leave-one-out, and logistic regression."""

from elute.linear.logistic import Logistic, softmax_regression
from elute.linear.ridge import Ridge, ridge

__all__ = ["Logistic", "Ridge", "ridge", "softmax_regression"]
