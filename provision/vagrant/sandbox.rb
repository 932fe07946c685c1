require_relative 'access'
require_relative 'settings'

module Onedock
  # Runs `onedock` once when Vagrant ends well: machines start side by side, and none is the last by rule.
  class Sandbox
    # One for the process, however often the Vagrantfile is loaded.
    def self.of_process(repository, settings)
      @of_process ||= new(repository, settings)
    end

    def initialize(repository, settings)
      @repository = repository
      @settings = settings
      @wanted = nil
    end

    # `onedock up`, when all machines are there.
    def make_at_end
      at_end(:make)
    end

    # `onedock down`, when no machine is left.
    def take_leave_at_end
      at_end(:take_leave)
    end

    private

    def at_end(work)
      return if Settings.handed_over?
      at_exit { finish } if @wanted.nil?
      @wanted = work
    end

    def finish
      return unless $!.nil? || ($!.is_a?(SystemExit) && $!.success?)
      exit(1) unless send(@wanted)
    end

    def make
      missing = @settings.machines - Access.names(@settings.folder)
      return say("The sandbox waits for #{missing.join(', ')}: `vagrant up` makes all.") if missing.any?
      onedock('up', '--keep-on-failure')
    end

    def take_leave
      left = Access.names(@settings.folder)
      return onedock('down', '--yes') if left.empty?
      say("#{left.join(', ')} stay; `vagrant up` makes the others again.")
    end

    def say(line)
      puts "==> onedock: #{line}"
      true
    end

    # Networks of this machine are root's.
    def onedock(verb, *options)
      file = @settings.file && File.exist?(@settings.file) ? ['--config', @settings.file] : []
      environment = ["VAGRANT_DOTFILE_PATH=#{@settings.folder}", "PATH=#{ENV['PATH']}"]
      as_root = Process.uid.zero? ? ['env'] : ['sudo', 'env']
      program = File.join(@repository, 'bin', 'onedock.mjs')
      name = ['--name', @settings.sandbox]
      command = [*as_root, *environment, program, verb, '--provider', 'vagrant', *name, *file, *options]
      Vagrant::Util::Env.with_original_env { system(*command) }
    end
  end
end
