/** Version of the contract between page and sandbox. Raised when an old page would misread a new sandbox. */
export const CONTRACT_VERSION = 1
