"""Threads: one plan in many, the same bytes for any number, Ctrl-C, progress, fork."""
import concurrent.futures
import os
import signal
import subprocess
import sys
import threading

import gaussfilt
import numpy as np
import pytest


def test_eight_threads_share_a_plan():
    rng = np.random.default_rng(0)
    inputs = [rng.random((300, 257), np.float32) for _ in range(8)]
    plan = gaussfilt.plan((300, 257), np.float32, 3.0, threads=1)
    expected = [plan(a).tobytes() for a in inputs]
    gate = threading.Barrier(8)

    def work(i):
        gate.wait()
        return all(plan(inputs[i]).tobytes() == expected[i] for _ in range(25))

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        assert all(pool.map(work, range(8)))


def test_eight_threads_share_the_plans_of_calls():
    a = np.random.default_rng(1).random((64, 64))
    sigmas = [0.5 + 0.01 * i for i in range(100)]  # more than are kept, so that plans come and go
    expected = {s: gaussfilt.gaussian(a, s).tobytes() for s in sigmas}

    def work(seed):
        order = np.random.default_rng(seed).permutation(sigmas)
        return all(gaussfilt.gaussian(a, float(s)).tobytes() == expected[s] for s in order)

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        assert all(pool.map(work, range(8)))


def test_threads_never_change_the_result():
    a = np.random.default_rng(2).random((900, 700), np.float32)
    one = gaussfilt.gaussian(a, 4.0, threads=1)
    for threads in (2, 3, None):
        np.testing.assert_array_equal(gaussfilt.gaussian(a, 4.0, threads=threads), one)


def test_the_number_of_threads_can_be_set():
    before = gaussfilt.get_num_threads()
    try:
        gaussfilt.set_num_threads(1)
        assert gaussfilt.get_num_threads() == 1
        with pytest.raises(ValueError, match="threads"):
            gaussfilt.set_num_threads(0)
    finally:
        gaussfilt.set_num_threads(None)
    assert gaussfilt.get_num_threads() == before


def test_the_environment_limits_threads():
    code = "import gaussfilt; print(gaussfilt.get_num_threads())"
    for variable in ("GAUSSFILT_NUM_THREADS", "OMP_NUM_THREADS"):
        environment = {**os.environ, variable: "1"}
        assert subprocess.check_output([sys.executable, "-c", code], env=environment) == b"1\n"


def test_progress_ends_at_one_and_grows():
    seen = []
    gaussfilt.gaussian(np.zeros((2000, 1500), np.float32), 2.0, progress=seen.append)
    assert len(seen) > 3 and seen[-1] == 1.0 and all(a < b for a, b in zip(seen, seen[1:], strict=False))


def test_what_progress_raises_comes_out():
    class Stop(Exception):
        pass

    calls = []

    def stop(done):
        calls.append(done)
        raise Stop("enough")

    with pytest.raises(Stop, match="enough"):
        gaussfilt.gaussian(np.zeros((2000, 1500), np.float32), 2.0, progress=stop)
    assert len(calls) == 1


def test_ctrl_c_ends_a_long_call():
    code = """if True:
        import os, signal, sys, threading, time
        import numpy as np, gaussfilt
        signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background starts with it ignored
        a = np.zeros((8000, 4000), np.float32)
        threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
        try:
            while True:
                gaussfilt.gaussian(a, 200.0)
        except KeyboardInterrupt:
            print("interrupted")
    """
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert done.stdout == "interrupted\n", done.stderr


def test_other_threads_run_meanwhile():
    done = threading.Event()
    counted = []

    def count():
        while not done.is_set():
            counted.append(None)

    helper = threading.Thread(target=count)
    helper.start()
    before = len(counted)
    gaussfilt.gaussian(np.zeros((3000, 2000), np.float32), 20.0)
    grown = len(counted) - before
    done.set()
    helper.join()
    assert grown > 10  # with the GIL held, none would have been counted


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_forked_child_filters_too():
    a = np.random.default_rng(3).random((1200, 900), np.float32)
    expected = gaussfilt.gaussian(a, 3.0).tobytes()  # the pool of threads exists now
    child = os.fork()
    if child == 0:
        signal.alarm(60)
        os._exit(0 if gaussfilt.gaussian(a, 3.0, threads=1).tobytes() == expected else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
