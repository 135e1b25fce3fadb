"""Runs one task with Airflow's EcsRunTaskOperator and waits for its end:

    airflow_task.py TASK_DEFINITION EXIT_CODE [NETWORK_CONFIGURATION]

The network configuration is JSON.

There is no Airflow server: of the context that one would hand to the operator, only the place for its results is there.
"""

import json
import sys

from airflow.providers.amazon.aws.operators.ecs import EcsRunTaskOperator


class Results:
    """Stands for the task instance."""

    def __init__(self):
        self.pushed = {}

    def xcom_push(self, key, value):
        self.pushed[key] = value


definition, exit_code, *network = sys.argv[1:]
operator = EcsRunTaskOperator(
    task_id="on-berth",
    cluster="default",
    task_definition=definition,
    launch_type="FARGATE",
    overrides={"containerOverrides": [{"name": "main", "environment": [{"name": "EXIT_CODE", "value": exit_code}]}]},
    network_configuration=json.loads(network[0]) if network else None,
    tags={"team": "data"},
    waiter_delay=1,
    aws_conn_id=None,
    region_name="us-east-1",
)
results = Results()
operator.execute({"ti": results})
print(results.pushed["ecs_task_arn"])
