require_relative 'access'
require_relative 'settings'
require_relative 'sandbox'

module Onedock
  # What the Vagrantfile asks and tells. Vagrant loads a Vagrantfile several times; what was told is kept by the process.
  class Environment
    def initialize(repository)
      @settings = Settings.load(repository)
      @sandbox = Sandbox.of_process(repository, @settings)
    end

    def machines
      (@settings.machines + Access.names(@settings.folder)).uniq
    end

    def box
      @settings.vagrant['box']
    end

    def memory_mb
      @settings.vagrant['memoryMb'] || 2048
    end

    def cpus
      @settings.vagrant['cpus'] || 2
    end

    # A name that is none of the sandbox's own: there `host-1` is an address of the sandbox.
    def host_name(machine)
      "vagrant-#{@settings.sandbox}-#{machine}"
    end

    # The front-end has the tenth address of the network, host-<n> the n-th after it.
    def private_address(machine)
      (network.to_range.first.to_i + 10 + machine[/\d+\z/].to_i).then { |number| IPAddr.new(number, Socket::AF_INET).to_s }
    end

    def netmask
      IPAddr.new('255.255.255.255').mask(network.prefix).to_s
    end

    # Pairs for `customize`. Without a network of its own a machine asks by DHCP, which LXC's own bridge answers.
    def lxc_settings(machine)
      settings = [['net.0.link', @settings.vagrant['bridge'] || 'lxcbr0']]
      return settings unless @settings.vagrant['network']
      gateway = IPAddr.new(network.to_range.first.to_i + 1, Socket::AF_INET).to_s
      # An empty value takes back what an earlier start has written: vagrant-lxc (1.4.3) adds to it at each.
      settings + [
        ['net.0.ipv4.address', ''],
        ['net.0.ipv4.address', "#{private_address(machine)}/#{network.prefix}"],
        ['net.0.ipv4.gateway', gateway]
      ]
    end

    def started(machine)
      peer = private_address(machine.name.to_s) if machine.provider_name == :virtualbox
      Access.write(@settings.folder, machine, peer)
      @sandbox.make_at_end
    end

    def destroyed(machine)
      # It is there still when somebody was asked and said no.
      return if machine.id
      Access.remove(@settings.folder, machine.name.to_s)
      @sandbox.take_leave_at_end
    end

    private

    def network
      IPAddr.new(@settings.vagrant['network'] || '192.168.56.0/24')
    end
  end
end
