// Prints the start (SOR) and the end (EOR) of each run: runs HOST:PORT GROUP
package main

import (
	"fmt"
	"log"
	"os"
	"strings"

	"github.com/confluentinc/confluent-kafka-go/v2/kafka"
	"google.golang.org/protobuf/proto"

	"runs/kafkapb" // protoc --go_out=. kafka.proto, in the module "runs"
)

const (
	sor = "aliecs.env_state.RUNNING"
	eor = "aliecs.env_leave_state.RUNNING"
)

func main() {
	consumer, err := kafka.NewConsumer(&kafka.ConfigMap{
		"bootstrap.servers": os.Args[1],
		"group.id":          os.Args[2],
		"auto.offset.reset": "earliest",
		"isolation.level":   "read_committed", // librdkafka's default, too
	})
	if err != nil {
		log.Fatal(err)
	}
	defer consumer.Close()
	if err := consumer.SubscribeTopics([]string{sor, eor}, nil); err != nil {
		log.Fatal(err)
	}
	for {
		record, err := consumer.ReadMessage(-1)
		if err != nil {
			log.Fatal(err)
		}
		message := &kafkapb.NewStateNotification{}
		if err := proto.Unmarshal(record.Value, message); err != nil {
			log.Fatal(err)
		}
		kind, env, sequence := "SOR", message.EnvInfo, ""
		if *record.TopicPartition.Topic == eor {
			kind = "EOR"
		}
		for _, header := range record.Headers {
			if header.Key == "ce_sequence" {
				sequence = string(header.Value)
			}
		}
		fmt.Println(kind, "run", env.GetRunNumber(), env.GetRunType(), env.EnvironmentId,
			strings.Join(env.Detectors, ","), "sequence", sequence)
	}
}
