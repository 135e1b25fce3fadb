"""Registers and runs one task with luigi's ECSTask and waits for its end: luigi_task.py FAMILY IMAGE"""

import sys

import luigi
from luigi.contrib.ecs import ECSTask

FAMILY, IMAGE = sys.argv[1:]


class OnBerth(ECSTask):
    task_def = {
        "family": FAMILY,
        "volumes": [],
        "containerDefinitions": [{"memory": 64, "essential": True, "name": "main", "image": IMAGE, "command": ["false"]}],
    }
    command = [{"name": "main", "command": ["true"]}]


task = OnBerth()
if not luigi.build([task], local_scheduler=True):
    sys.exit("luigi says that the task failed")
print(*task.ecs_task_ids)
