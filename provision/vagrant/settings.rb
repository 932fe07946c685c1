require 'ipaddr'
require 'json'
require 'yaml'

module Onedock
  # What the machines are: what `onedock` says when it calls Vagrant itself, else what sandbox.yaml says. Its keys are
  # checked by `onedock up`; docs/reference/sandbox-yaml.md lists them.
  class Settings
    HANDED_OVER = 'ONEDOCK_VAGRANT'.freeze

    # sandbox  name; machines  their names; vagrant  the key of sandbox.yaml; folder  where Vagrant keeps the machines;
    # file  the sandbox.yaml, nil where there is none
    attr_reader :sandbox, :machines, :vagrant, :folder, :file

    def self.load(repository)
      folder = File.expand_path(ENV['VAGRANT_DOTFILE_PATH'] || '.vagrant', repository)
      return new(folder, nil, **JSON.parse(ENV[HANDED_OVER]).transform_keys(&:to_sym)) if handed_over?
      file = File.expand_path(ENV['ONEDOCK_CONFIG'] || 'sandbox.yaml', repository)
      keys = File.exist?(file) ? YAML.safe_load(File.read(file)) || {} : {}
      hosts = Array.new(keys.fetch('hosts', 2)) { |i| "host-#{i + 1}" }
      new(folder, file, sandbox: ENV['ONEDOCK_NAME'] || keys.fetch('name', 'sandbox'),
                        machines: ['frontend', *hosts], vagrant: keys.fetch('vagrant', {}))
    end

    # Whether `onedock` has called, which does all else itself.
    def self.handed_over?
      ENV.key?(HANDED_OVER)
    end

    def initialize(folder, file, sandbox:, machines:, vagrant:)
      @folder = folder
      @file = file
      @sandbox = sandbox
      @machines = machines
      @vagrant = vagrant
    end
  end
end
