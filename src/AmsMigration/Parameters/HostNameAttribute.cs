using System.Management.Automation;

namespace AmsMigration.Parameters;

/// <summary>Host names, without scheme and path.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class HostNameAttribute : ValidateEnumeratedArgumentsAttribute
{
    /// <inheritdoc/>
    protected override void ValidateElement(object element)
    {
        string name = element?.ToString() ?? "";
        if (Uri.CheckHostName(name) == UriHostNameType.Unknown)
        {
            throw new ValidationMetadataException($"'{name}' is no host name: expected is e.g. contoso-euwe.streaming.media.azure.net.");
        }
    }
}
