"""An S3-compatible server of the test session, which checks signatures, and a fresh bucket for each test."""

import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from tests.servers.process import free_port, listens, missing, running

ACCESS_KEY = "AKIDTESTS"
SECRET_KEY = "a secret of the tests"
_PROGRAM = Path(__file__).parents[2] / ".tools" / "bin" / "s3s-fs"


@dataclass
class BucketServer:
    """Every folder in `folder` is a bucket."""

    port: int
    folder: Path
    process: subprocess.Popen[bytes]
    numbers: Iterator[int] = field(default_factory=count)

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def create(self) -> str:
        """The name of a new bucket."""
        name = f"bucket-{next(self.numbers)}"
        (self.folder / name).mkdir()
        return name

    def hang(self) -> None:
        """Let it accept connections and answer nothing."""
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self.process.send_signal(signal.SIGCONT)


@contextmanager
def running_bucket() -> Iterator[BucketServer]:
    if not _PROGRAM.exists():
        missing("the S3 server of the tests is not built: run `make test-servers`")
    folder = Path(tempfile.mkdtemp(prefix="bucket-", dir="/tmp"))
    data, port = folder / "data", free_port()
    data.mkdir()
    command = [str(_PROGRAM), "--host", "127.0.0.1", "--port", str(port),
               "--access-key", ACCESS_KEY, "--secret-key", SECRET_KEY, str(data)]  # fmt: skip
    try:
        with running(command, answers=lambda: listens(port), log=folder / "log") as process:
            yield BucketServer(port, data, process)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
