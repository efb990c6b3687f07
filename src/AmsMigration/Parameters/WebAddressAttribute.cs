using System.Management.Automation;

namespace AmsMigration.Parameters;

/// <summary>Takes an http or https address; a host name alone is one by https.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class WebAddressAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        string text = (inputData is PSObject wrapped ? wrapped.BaseObject : inputData)?.ToString() ?? "";
        return Uri.TryCreate(text.IndexOf("://", StringComparison.Ordinal) < 0 ? "https://" + text : text, UriKind.Absolute, out Uri? address)
            && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp) && address.Query.Length == 0 && address.UserInfo.Length == 0
            ? address
            : throw new ArgumentTransformationMetadataException(
                $"'{text.Split('?')[0]}' is no public address: expected is e.g. https://video.contoso.com, without query.");
    }
}
