"""One subject in this process: python -m eval.bench.subject NAME build|ask FOLDER JSON.

`build` takes a list of files, `ask` {"questions": [...], "rounds": N}. The last line printed is JSON:
what it took, in seconds of the processor (one thread: what else happens on the machine does not count),
without the imports and the loading of the model.
"""

import json
import sys
import time
from pathlib import Path

from eval.bench.process import processor_s
from eval.bench.subjects import SUBJECTS


def main(arguments: list[str]) -> int:
    """Do one step and print what it took."""
    name, step, folder, given = arguments
    subject = SUBJECTS[name]()
    values = json.loads(given)
    if step == "build":
        started = processor_s()
        num_chunks = subject.build([Path(path) for path in values], Path(folder))
        result: dict[str, object] = {
            "seconds": processor_s() - started,
            "chunks": num_chunks,
        }
    else:
        ask = subject.open(Path(folder))
        latencies = []
        for _ in range(values["rounds"]):
            for question in values["questions"]:
                started = time.process_time()
                ask(question)
                latencies.append(time.process_time() - started)
        result = {"latencies": latencies}
    sys.stdout.write(json.dumps(result) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
