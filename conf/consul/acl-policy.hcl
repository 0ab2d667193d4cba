# All that aliecs-relay needs of Consul's access control: to read its two keys, and, when
# consul.register is on, to keep its own service. Leave the last part out when it is off.
#
#   consul acl policy create -name aliecs-relay -rules @acl-policy.hcl
#   consul acl token create -policy-name aliecs-relay -description "aliecs-relay on <host>"
#
# Put the SecretID into a file that only the relay may read and name it in CONSUL_HTTP_TOKEN_FILE;
# the relay notices a new token in that file by itself.

key "o2/components/aliecs/ANY/any/settings" {
  policy = "read"
}

key "o2/runtime/aliecs/vars/kafka_enabled" {
  policy = "read"
}

# As consul.service-name says.
service "aliecs-relay" {
  policy = "write"
}
