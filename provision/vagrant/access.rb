require 'fileutils'
require 'json'

module Onedock
  # How `onedock` reaches the machines over SSH: a file for each beside what Vagrant itself keeps of it, written when
  # the machine has started and removed with it. src/sandbox/vagrant/machine-access.ts reads them.
  module Access
    HOST_KEY = '/etc/ssh/ssh_host_ed25519_key.pub'.freeze

    module_function

    # Machines of the environment, whatever sandbox.yaml says.
    def names(folder)
      Dir.glob(File.join(folder, 'machines', '*', '*', 'id')).map { |path| File.basename(File.dirname(path, 2)) }
    end

    # peer: IPv4 address under which the other machines reach it; nil where that is the one of the SSH connection
    def write(folder, machine, peer)
      info = machine.ssh_info
      key = host_key(machine)
      place = FileUtils.mkdir_p(path(folder)).first
      host = info[:port].to_i == 22 ? info[:host] : "[#{info[:host]}]:#{info[:port]}"
      known_hosts = File.join(place, "#{machine.name}.known_hosts")
      File.write(known_hosts, "#{host} #{key}\n")
      access = {
        host: info[:host], port: info[:port].to_i, user: info[:username],
        keyFile: Array(info[:private_key_path]).first.to_s, knownHostsFile: known_hosts, peerAddress: peer
      }
      File.write(File.join(place, "#{machine.name}.json"), "#{JSON.pretty_generate(access.compact)}\n")
    end

    def remove(folder, name)
      FileUtils.rm_f(%w[json known_hosts label].map { |suffix| File.join(path(folder), "#{name}.#{suffix}") })
    end

    def path(folder)
      File.join(folder, 'onedock')
    end

    # Vagrant's own connection has just been made to a machine that it has just made: its key is pinned from here on.
    def host_key(machine)
      key = +''
      machine.communicate.execute("cat #{HOST_KEY}") { |type, data| key << data if type == :stdout }
      key.split(' ').first(2).join(' ')
    end
  end
end
