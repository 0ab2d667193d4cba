// Prints the start (SOR) and the end (EOR) of each run: node runs.js HOST:PORT GROUP
const { Kafka, logLevel } = require('kafkajs')
const protobuf = require('protobufjs')

const SOR = 'aliecs.env_state.RUNNING'
const EOR = 'aliecs.env_leave_state.RUNNING'

async function main(broker, group) {
  const proto = await protobuf.load('kafka.proto')
  const NewStateNotification = proto.lookupType('kafka.NewStateNotification')
  const kafka = new Kafka({ brokers: [broker], logLevel: logLevel.WARN })
  const consumer = kafka.consumer({ groupId: group }) // reads committed records alone, by default
  await consumer.connect()
  await consumer.subscribe({ topics: [SOR, EOR], fromBeginning: true })
  await consumer.run({
    eachMessage: async ({ topic, message }) => {
      const env = NewStateNotification.decode(message.value).envInfo
      console.log(topic === SOR ? 'SOR' : 'EOR', 'run', env.runNumber, env.runType,
        env.environmentId, env.detectors.join(','),
        'sequence', message.headers.ce_sequence.toString())
    }
  })
}

main(process.argv[2], process.argv[3]).catch(failure => {
  console.error(failure.message)
  process.exit(1)
})
