"""How does a log line read by a machine look?"""

import json
import logging


class JSONFormatter(logging.Formatter):
    """One JSON object a line: time (ISO 8601), level, logger, message, and the traceback as text where there is one."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)
