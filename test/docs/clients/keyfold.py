import json
import subprocess


class Refused(Exception):
    """What keyfold says where there is no outcome: `answer` has an `error`, or a `result` and what goes with it."""

    def __init__(self, answer):
        super().__init__(answer["error"]["message"] if "error" in answer else answer["result"])
        self.answer = answer


class Ledger:
    """One process of `keyfold batch`, for one thread. Where it dies, another is asked the same again."""

    def __init__(self, store, keyfold=("npx", "keyfold")):
        self.command = [*keyfold, "batch", "--store", store]
        self.batch = None

    def ask(self, op, **fields):
        line = json.dumps({"op": op, **fields}, allow_nan=False)
        for _ in range(2):
            try:
                if self.batch is None:
                    pipe = subprocess.PIPE
                    self.batch = subprocess.Popen(self.command, stdin=pipe, stdout=pipe, encoding="utf-8")
                print(line, file=self.batch.stdin, flush=True)
                answer = json.loads(self.batch.stdout.readline())
            except (OSError, ValueError):  # a pipe that broke, or an answer that broke off
                self.close()
                continue
            except BaseException:  # interrupted: the answer is still to come, and must not be read as that to another line
                self.close()
                raise
            if "error" in answer:
                raise Refused(answer)
            return answer
        raise ConnectionError("keyfold batch does not answer")

    def close(self):
        if self.batch is not None:
            self.batch.kill()  # whatever it answered is on disk
            self.batch.wait()
            self.batch = None
