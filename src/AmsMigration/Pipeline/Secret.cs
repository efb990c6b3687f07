using System.Net;
using System.Security;

namespace AmsMigration.Pipeline;

/// <summary>Secrets that a user gives.</summary>
internal static class Secret
{
    public static string? Read(SecureString? secret) => secret is null ? null : new NetworkCredential("", secret).Password;
}
