namespace AmsMigration.Worker;

/// <summary>What a script can tell a run by.</summary>
internal static class ExitCode
{
    /// <summary>Every asset is converted, or was already.</summary>
    public const int Success = 0;

    /// <summary>At least one asset failed, or an output is not sound.</summary>
    public const int Failure = 1;

    /// <summary>The command line was not understood, or what it names is not there or does not open.</summary>
    public const int Usage = 2;

    /// <summary>128 + SIGINT.</summary>
    public const int Cancelled = 130;
}
