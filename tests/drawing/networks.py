"""The largest network that a lesson can have."""

from __future__ import annotations

from tinynet_tui.lessons.schema import DataTable, Lesson, NetworkTable, TrainingTable

WIDE = Lesson(
    "the widest network",
    NetworkTable((16,) * 6, ("relu", "tanh", "sigmoid", "leaky_relu", "linear"), init="he", seed=3),
    DataTable((tuple(i / 16 for i in range(16)),), (tuple(i / 8 for i in range(16)),)),
    TrainingTable(0.01, "mean_squared_error"),
)
