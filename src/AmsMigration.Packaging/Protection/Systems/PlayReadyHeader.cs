using System.Security;
using System.Security.Cryptography;
using System.Text;
using AmsMigration.Packaging.Protection.Ciphers;

namespace AmsMigration.Packaging.Protection.Systems;

/// <summary>The PlayReady Object (PlayReady Header Specification): one rights management header, version 4.0 for CTR and 4.3 for CBC.</summary>
internal static class PlayReadyHeader
{
    private const int ChecksumLength = 8;

    /// <summary>Length, number of records, and the one record: type 1, length, header as UTF-16.</summary>
    /// <param name="licenseUri">LA_URL; null for none.</param>
    public static byte[] CreateObject(ContentKey key, ProtectionScheme scheme, string? licenseUri)
    {
        byte[] header = Encoding.Unicode.GetBytes(CreateHeader(key, scheme, licenseUri));
        int length = 4 + 2 + 2 + 2 + header.Length;
        return
        [
            (byte)length, (byte)(length >> 8), (byte)(length >> 16), (byte)(length >> 24),
            1, 0,
            1, 0,
            (byte)header.Length, (byte)(header.Length >> 8),
            .. header,
        ];
    }

    private static string CreateHeader(ContentKey key, ProtectionScheme scheme, string? licenseUri)
    {
        // The id as Windows lays out a GUID: the first three parts little endian.
        string keyId = Convert.ToBase64String(key.Id.ToByteArray());
        string address = licenseUri is null ? "" : $"<LA_URL>{SecurityElement.Escape(licenseUri)}</LA_URL>";
        (string version, string data) = scheme == ProtectionScheme.Cbcs
            ? ("4.3.0.0", $"<PROTECTINFO><KIDS><KID ALGID=\"AESCBC\" VALUE=\"{keyId}\"></KID></KIDS></PROTECTINFO>{address}")
            : ("4.0.0.0",
                $"<PROTECTINFO><KEYLEN>16</KEYLEN><ALGID>AESCTR</ALGID></PROTECTINFO><KID>{keyId}</KID><CHECKSUM>{CreateChecksum(key)}</CHECKSUM>{address}");
        return $"<WRMHEADER xmlns=\"http://schemas.microsoft.com/DRM/2007/03/PlayReadyHeader\" version=\"{version}\"><DATA>{data}</DATA></WRMHEADER>";
    }

    /// <summary>The first bytes of the key id, encrypted with the key.</summary>
    private static string CreateChecksum(ContentKey key)
    {
        using Aes aes = AesBlocks.Create(key.GetBytes(), CipherMode.ECB);
        using ICryptoTransform cipher = aes.CreateEncryptor();
        byte[] encrypted = cipher.TransformFinalBlock(key.Id.ToByteArray(), 0, ContentKey.Length);
        return Convert.ToBase64String(encrypted, 0, ChecksumLength);
    }
}
