"""A clock that stands still until it is told to move."""


class ManualClock:
    def __init__(self, now=1_000_000.0):
        self.time = now

    def now(self):
        return self.time

    def monotonic(self):
        return self.time

    async def sleep(self, seconds):
        self.time += seconds
