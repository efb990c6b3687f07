namespace AmsMigration.KeyService;

/// <summary>The service cannot start as it was asked to.</summary>
/// <param name="code">Stable id.</param>
internal sealed class StartException(string code, string message) : Exception(message)
{
    public string Code => code;
}
