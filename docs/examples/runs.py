"""Prints the start (SOR) and the end (EOR) of each run: python3 runs.py HOST:PORT GROUP"""
import sys

from confluent_kafka import Consumer, KafkaException

import kafka_pb2  # protoc --python_out=. kafka.proto

SOR = "aliecs.env_state.RUNNING"
EOR = "aliecs.env_leave_state.RUNNING"

consumer = Consumer({
    "bootstrap.servers": sys.argv[1],
    "group.id": sys.argv[2],
    "auto.offset.reset": "earliest",
    "isolation.level": "read_committed",  # librdkafka's default, too
})
consumer.subscribe([SOR, EOR])
try:
    while True:
        record = consumer.poll(1)
        if record is None:
            continue
        if record.error():
            raise KafkaException(record.error())
        message = kafka_pb2.NewStateNotification.FromString(record.value())
        env = message.envInfo
        headers = dict(record.headers())
        print("SOR" if record.topic() == SOR else "EOR", "run", env.runNumber, env.runType,
              env.environmentId, ",".join(env.detectors),
              "sequence", headers["ce_sequence"].decode(), flush=True)
except KeyboardInterrupt:
    pass
finally:
    consumer.close()
