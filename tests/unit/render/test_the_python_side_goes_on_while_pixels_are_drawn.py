from threading import Event, Thread

from openposterdb_render import RenderSettings, render


def test_other_threads_run_while_a_picture_is_drawn(art):
    """Without the GIL released, this thread could not count while the other one is inside a single call."""
    base = art("poster_liftoff_2000x2962_420_q85.jpg")
    settings = RenderSettings(size="very-large", chroma="444")
    done = Event()

    def draw() -> None:
        render("poster", base, [], settings)
        done.set()

    thread = Thread(target=draw)
    thread.start()
    turns = 0
    while not done.is_set():
        turns += 1
    thread.join()
    assert turns > 1000
